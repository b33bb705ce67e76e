/** What the address bar said when the page was loaded, to the letter: the router reads digits as numbers, and a provider's code may be digits. */
export const arrived = new URLSearchParams(location.search)
