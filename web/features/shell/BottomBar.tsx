import { IconDots } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { SideSheet } from '../../ui/Dialog.tsx'
import { usePlaces } from './places.ts'
import styles from './Shell.module.css'
import { shellTexts } from './texts.ts'

/** The places on a phone: four at the thumb, the rest behind "More". */
export function BottomBar() {
  const t = useTexts(shellTexts)
  const places = usePlaces()
  const [open, setOpen] = useState(false)
  const first = places.length > 5 ? places.slice(0, 4) : places
  const rest = places.slice(first.length)
  return (
    <nav className={styles.bottom} aria-label={t('places')}>
      {first.map((place) => (
        <Link key={place.to} to={place.to as never} className={styles.tab}>
          <place.icon size={20} stroke={1.7} />
          <span className="truncate">{place.to === '/teams' ? t('teamsShort') : place.label}</span>
        </Link>
      ))}
      {rest.length > 0 && (
        <button type="button" className={styles.tab} aria-expanded={open} onClick={() => setOpen(true)}>
          <IconDots size={20} stroke={1.7} />
          {t('more')}
        </button>
      )}
      <SideSheet title={t('places')} open={open} onClose={() => setOpen(false)} from="bottom">
        <div className={styles.sheet}>
          {rest.map((place) => (
            <Link key={place.to} to={place.to as never} className={styles.place} onClick={() => setOpen(false)}>
              <place.icon size={20} stroke={1.7} />
              {place.label}
            </Link>
          ))}
        </div>
      </SideSheet>
    </nav>
  )
}
