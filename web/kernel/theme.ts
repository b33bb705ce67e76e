import { createTheme, type MantineColorsTuple } from '@mantine/core'

/** Mantine's theme; colours, borders and surfaces of our own stand in theme.css as custom properties. */
export const defaultAccent = '#3e63dd'

type Rgb = [number, number, number]
const parse = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as Rgb
const hex = (rgb: Rgb) => `#${rgb.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`
const mix = (from: Rgb, to: Rgb, share: number): Rgb => from.map((c, i) => c + ((to[i] ?? 0) - c) * share) as Rgb

/** WCAG relative luminance, and contrast with white. */
function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)) as Rgb
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
const againstWhite = (rgb: Rgb) => 1.05 / (luminance(rgb) + 0.05)

/** An organisation's accent may be any colour: it is darkened until white text on it reads (4.5:1). */
export function readableAccent(accent: string): string {
  let rgb = parse(accent)
  while (againstWhite(rgb) < 4.5) rgb = mix(rgb, [0, 0, 0], 0.06)
  return hex(rgb)
}

function shades(accent: string): MantineColorsTuple {
  const base = parse(readableAccent(accent))
  const lighter = [0.93, 0.85, 0.7, 0.55, 0.4, 0.2].map((share) => hex(mix(base, [255, 255, 255], share)))
  const darker = [0, 0.12, 0.25, 0.38].map((share) => hex(mix(base, [0, 0, 0], share)))
  return [...lighter, ...darker] as unknown as MantineColorsTuple
}

export const themeFor = (accent: string | null) =>
  createTheme({
    primaryColor: 'accent',
    primaryShade: 6,
    colors: { accent: shades(accent ?? defaultAccent) },
    fontFamily: "'Inter Variable', system-ui, sans-serif",
    fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
    fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
    spacing: { xs: '8px', sm: '12px', md: '16px', lg: '24px', xl: '32px' },
    radius: { xs: '4px', sm: '6px', md: '8px', lg: '12px', xl: '16px' },
    defaultRadius: 'sm',
    cursorType: 'pointer',
    respectReducedMotion: true,
    // Menus, lists and hints belong to the page's main part, not behind its end; fixed, so that nothing cuts them off.
    components: {
      Popover: { defaultProps: { portalProps: { target: 'main' }, floatingStrategy: 'fixed' } },
      Tooltip: { defaultProps: { portalProps: { target: 'main' }, floatingStrategy: 'fixed' } },
    },
    headings: { fontWeight: '600', sizes: { h1: { fontSize: '20px' }, h2: { fontSize: '16px' }, h3: { fontSize: '14px' } } },
  })

/** The accent as custom properties, for our own styles: text on dark needs a lighter shade than a filled button. */
export function accentProperties(accent: string | null): Record<string, string> {
  const base = parse(readableAccent(accent ?? defaultAccent))
  return {
    '--accent': hex(base),
    '--accent-light': hex(mix(base, [255, 255, 255], 0.48)),
    '--accent-dark': hex(mix(base, [0, 0, 0], 0.12)),
  }
}
