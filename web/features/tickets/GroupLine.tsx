import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTexts } from '../../kernel/i18n.ts'
import { boardTexts } from '../views/board-texts.ts'
import type { Group, Groups, Line } from './grouped.ts'
import type { TicketSearch } from './list.ts'
import styles from './TicketList.module.css'
import { ticketTexts } from './texts.ts'

/** How a group is called: priorities by their number, what has none of it as such. */
export function useGroupName() {
  const t = useTexts(boardTexts)
  return (by: Groups['by'], { key, name }: Pick<Group, 'key' | 'name'>) =>
    by === 'priority' ? t('priority', { n: key }) : key === 'none' ? t('none') : name
}

/** What stands between the tickets of a list in groups. */
export function GroupLine({ line, groups, search }: { line: Exclude<Line, { is: 'row' }>; groups: Groups; search: TicketSearch }) {
  const t = useTexts(ticketTexts)
  const nameOf = useGroupName()
  if (line.is === 'cut') return <p className={styles.cut}>{t('groupsCut')}</p>
  const name = nameOf(groups.by, line.group)
  if (line.is === 'rest')
    return (
      <Link className={styles.rest} to="/tickets" search={{ ...search, by: groups.by, group: line.group.key }}>
        {t('wholeGroup', { name })}
      </Link>
    )
  const Mark = line.closed ? IconChevronRight : IconChevronDown
  return (
    <button type="button" className={styles.group} aria-expanded={!line.closed} onClick={() => groups.turn(line.group.key)}>
      <Mark size={14} stroke={1.8} aria-hidden="true" />
      <span className="truncate">{name}</span>
      <span>{line.group.count > 0 ? `${line.group.count}${groups.more ? '+' : ''}` : ''}</span>
    </button>
  )
}
