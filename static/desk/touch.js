/* Jcrop finds out whether a browser knows touch by writing event handlers into an element, which the content policy
   refuses. Where the properties are there already it does not write them; they stay empty. */
for (const name of ["ontouchstart", "ontouchmove", "ontouchend"]) {
  if (!(name in HTMLElement.prototype)) HTMLElement.prototype[name] = null;
}
