// Show and hide a password; while it shows, and when the form or the reader goes off, no browser may remember it.

export function revealPasswords(button) {
  const field = document.getElementById(button.getAttribute("aria-controls"));
  const { autocomplete } = field;
  const [words] = button.children;
  const show = words.textContent;
  const set = (shown) => {
    field.type = shown ? "text" : "password";
    field.autocomplete = shown ? "off" : autocomplete; // else it goes into the file that restores pages after a crash
    words.textContent = shown ? button.dataset.hide : show;
  };
  button.hidden = false;
  button.addEventListener("click", () => set(field.type === "password"));
  field.form.addEventListener("submit", () => set(false));
  addEventListener("pagehide", () => {
    set(false);
    field.value = ""; // Back shows the page as it was left
  });
}
