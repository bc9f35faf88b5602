// A callback that is refused because the session is over leads to the sign-in page; one of an older page loads it anew.
(function () {
  const ask = window.fetch;
  window.fetch = async function (...given) {
    const answer = await ask.apply(this, given);
    const again = answer.headers.get("X-Kesheng-Again");
    if (again === "sign-in") {
      location.assign("/sign-in?next=" + encodeURIComponent(location.pathname + location.search));
    } else if (again === "reload" && !sessionStorage.getItem("kesheng-reloaded")) {
      sessionStorage.setItem("kesheng-reloaded", "1"); // once: a page that is refused twice says so instead
      location.reload();
    } else if (answer.ok) {
      sessionStorage.removeItem("kesheng-reloaded");
    }
    return answer;
  };
})();
