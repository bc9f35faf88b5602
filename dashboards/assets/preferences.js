// Language, and light or dark: kept in cookies, which the server reads when it draws. Runs before the page asks for its layout.
(function () {
  const YEAR = 31536000;
  const keep = (name, value) => {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `kesheng-${name}=${value}; path=/; max-age=${YEAR}; SameSite=Lax${secure}`;
  };
  const kept = (name) => (document.cookie.match(`(?:^|; )kesheng-${name}=([^;]*)`) || [])[1];

  if (!kept("scheme") && window.matchMedia("(prefers-color-scheme: dark)").matches) keep("scheme", "dark");
  document.documentElement.lang = kept("language") === "en" ? "en" : "zh-CN";
  document.documentElement.dataset.mantineColorScheme = kept("scheme") === "dark" ? "dark" : "light";

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-preference]");
    if (!button) return;
    keep(button.dataset.preference, button.dataset.value);
    location.reload();
  });
})();
