// Makes a photo smaller when that saves the upload. The sealed original is then the smaller one, and the page says so.

// An ordinary phone photo stays as it is: it is evidence. Beyond this, or on a thin line, arriving matters more.
const LARGE_BYTES = 8 * 1048576;
const THIN_LINE_BYTES = 1.5 * 1048576;
const LONG_SIDE = 2560;
const QUALITY = 0.86;
const WORTH_IT = 0.7;

/** Returns the size from which a photo is made smaller here and now. */
export function shrinkFrom() {
  const line = navigator.connection;
  return line?.saveData || /2g/.test(line?.effectiveType ?? "") ? THIN_LINE_BYTES : LARGE_BYTES;
}

/** Returns a smaller JPEG, or the file itself where the browser cannot read it or little would be won. */
export async function smaller(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const blob = await drawn(picture, Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height)));
    picture.close();
    return blob && blob.size < file.size * WORTH_IT ? new File([blob], "photo.jpg", { type: "image/jpeg" }) : file;
  } catch {
    return file;
  }
}

function drawn(picture, scale) {
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  const context = canvas.getContext("2d");
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
