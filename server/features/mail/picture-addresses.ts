const mostPictures = 200
const longestAddress = 2000

/** In the order in which the browser finds them; null: an address that nobody would fetch. The sanitiser wrote this HTML. */
export function picturesIn(html: string): (string | null)[] {
  return [...html.matchAll(/<img\b[^>]*?\sdata-remote-src="([^"]*)"/g)].slice(0, mostPictures).map((found) => {
    const url = (found[1] ?? '').replace(
      /&(amp|quot|lt|gt|#39);/g,
      (_, name: string) => ({ amp: '&', quot: '"', lt: '<', gt: '>' })[name] ?? "'",
    )
    return url.length <= longestAddress && /^https?:\/\//i.test(url) && URL.canParse(url) ? url : null
  })
}
