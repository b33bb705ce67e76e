/**
 * Makes a picked picture fit to be a logo: at most 100 kB as PNG, JPEG or WebP, read back from a canvas, so that
 * nothing but pixels is left of it (an SVG's scripts and links included).
 */
const most = 100 * 1024
const sizes = [480, 360, 240, 160]

export async function asLogo(file: Blob): Promise<string> {
  const picture = await loaded(file)
  for (const size of sizes) {
    const canvas = drawn(picture, size)
    for (const [kind, quality] of [
      ['image/png', 1],
      ['image/webp', 0.92],
      ['image/webp', 0.75],
    ] as const) {
      const url = canvas.toDataURL(kind, quality)
      // A browser that cannot write WebP gives PNG instead; its size is weighed all the same.
      if (bytesIn(url) <= most) return url
    }
  }
  throw new Error('The picture stays too large.')
}

async function loaded(file: Blob): Promise<HTMLImageElement> {
  const url = URL.createObjectURL(file)
  try {
    const picture = new Image()
    picture.src = url
    await picture.decode()
    return picture
  } finally {
    URL.revokeObjectURL(url)
  }
}

function drawn(picture: HTMLImageElement, size: number): HTMLCanvasElement {
  // An SVG without a size of its own has none.
  const width = picture.naturalWidth || size
  const height = picture.naturalHeight || size
  const scale = Math.min(1, size / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  canvas.getContext('2d')?.drawImage(picture, 0, 0, canvas.width, canvas.height)
  return canvas
}

const bytesIn = (url: string): number => Math.floor((url.length - url.indexOf(',') - 1) * 0.75)
