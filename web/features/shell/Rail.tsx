import { Tooltip } from '@mantine/core'
import { IconLayoutSidebarLeftCollapse, IconLayoutSidebarLeftExpand } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { useCompany } from '../../kernel/session.ts'
import { IconButton } from '../../ui/Button.tsx'
import { KeyHint } from '../../ui/KeyHint.tsx'
import { usePlaces } from './places.ts'
import styles from './Shell.module.css'
import { shellTexts } from './texts.ts'

const kept = 'firstline.rail'

export function Rail() {
  const t = useTexts(shellTexts)
  const company = useCompany()
  const [thin, setThin] = useState(() => (localStorage.getItem(kept) ?? (window.innerWidth < 1600 ? 'thin' : 'wide')) === 'thin')
  const turn = () => {
    localStorage.setItem(kept, thin ? 'wide' : 'thin')
    setThin(!thin)
  }
  return (
    <nav className={styles.rail} data-thin={thin || undefined} aria-label={t('places')}>
      <Link to="/" className={styles.brand}>
        <img src={company?.logo ?? '/icon.svg'} alt="" />
        {!thin && <span className="truncate">{company?.name ?? ''}</span>}
        {thin && <span className="unseen">{company?.name ?? ''}</span>}
      </Link>
      {usePlaces().map((place) => (
        <Tooltip key={place.to} position="right" openDelay={300} label={<PlaceTip label={place.label} keys={place.keys} />}>
          <Link to={place.to as never} className={styles.place} aria-label={place.label}>
            <place.icon size={18} stroke={1.7} />
            <span className="truncate">{place.label}</span>
          </Link>
        </Tooltip>
      ))}
      <div className={styles.spacer} />
      <IconButton
        label={t(thin ? 'expand' : 'collapse')}
        icon={thin ? <IconLayoutSidebarLeftExpand size={18} stroke={1.7} /> : <IconLayoutSidebarLeftCollapse size={18} stroke={1.7} />}
        size={32}
        onClick={turn}
      />
    </nav>
  )
}

const PlaceTip = ({ label, keys }: { label: string; keys: string }) => (
  <span className="row">
    {label} <KeyHint keys={keys} onColour />
  </span>
)
