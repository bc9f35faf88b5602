// Two lines of what a customer said, in the middle of its cell. React escapes the text.
var dagcomponentfuncs = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
dagcomponentfuncs.Said = (props) => React.createElement("div", { className: "said-text" }, props.value);
