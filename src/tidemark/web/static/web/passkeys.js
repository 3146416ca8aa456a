// Says what went wrong with a passkey. allauth's script tells the document, and writes to the console what nobody hears.

const KINDS = { NotAllowedError: "refused", AbortError: "refused", InvalidStateError: "known", SecurityError: "unusable", NotSupportedError: "unusable" };
const said = document.getElementById("passkey-said");

document.addEventListener("allauth.error", (event) => {
  const { tags, exception } = event.detail;
  if (!said || !tags.includes("webauthn")) return;
  event.preventDefault();
  const kind = window.PublicKeyCredential ? KINDS[exception.name] : "unusable";
  said.textContent = said.dataset[kind ?? "failed"];
  said.hidden = false;
});

document.addEventListener("click", (event) => {
  if (said && event.target.closest("button")) said.hidden = true; // whoever tries again sees that it was tried
});
