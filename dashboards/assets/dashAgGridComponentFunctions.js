// Cells of the lists of contacts. React escapes the text.
var dagcomponentfuncs = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});

// What a customer said, the words looked for marked. On a phone the row is a card: what else is known stands above it.
dagcomponentfuncs.Said = (props) => {
  const row = props.data || {};
  const pieces = (props.value || []).map((piece, at) =>
    piece[1] ? React.createElement("mark", { key: at, className: "hit" }, piece[0]) : piece[0]
  );
  const facts = ["started", "channel", "topic", "product"].filter((name) => row[name] && row[name] !== "–");
  const head = React.createElement(
    "div",
    { className: "said-head" },
    row.label ? React.createElement("i", { className: "dot mood-" + row.label, title: row.mood + " " + row.score }) : null,
    facts.map((name) => React.createElement("span", { key: name }, row[name]))
  );
  return React.createElement("div", { className: "said-cell" }, head, React.createElement("div", { className: "said-text" }, pieces));
};

// The mood of a contact by colour and word, with its score.
dagcomponentfuncs.Mood = (props) => {
  const row = props.data || {};
  if (!row.label) return React.createElement("span", { className: "mood-cell" }, props.value || "");
  return React.createElement(
    "span",
    { className: "mood-cell mood-text-" + row.label, title: row.mood + " " + row.score },
    React.createElement("i", { className: "dot mood-" + row.label }),
    row.mood,
    React.createElement("small", null, row.score)
  );
};
