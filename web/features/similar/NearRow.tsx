import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Near } from '../../../contract/similar.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { Button } from '../../ui/Button.tsx'
import { StatusShape } from '../../ui/Marks.tsx'
import { TimeAgo } from '../../ui/TimeAgo.tsx'
import styles from './Similar.module.css'
import { similarTexts } from './texts.ts'

type Props = {
  near: Near
  action?: ReactNode
  /** What is half written stays where it is. */
  apart?: boolean
  use?: { label: string; run: (resolution: string) => void } | undefined
}

/** One that is alike: whose, how old, why it is thought alike; of a solved one, how. */
export function NearRow({ near, action, apart = false, use }: Props) {
  const t = useTexts(similarTexts)
  const why = [
    ...near.same.map((what) => t(`same-${what}`)),
    ...(near.words.length > 0 ? [t('both', { words: near.words.slice(0, 5).join(', ') })] : []),
  ]
  return (
    <li>
      <div className={styles.row}>
        <Link
          to="/tickets/$ticketId"
          params={{ ticketId: near.id }}
          search={true}
          className={styles.link}
          {...(apart ? { target: '_blank', title: t('newWindow') } : {})}
        >
          <StatusShape meaning={near.meaning} />
          <span className="grow">
            <span className={styles.subject}>{near.subject}</span>
            <span className={styles.sub}>
              #{near.number} · {near.requester.name} · <TimeAgo at={near.createdAt} look="brief" />
            </span>
            <span className={styles.sub}>{why.join(' · ')}</span>
          </span>
        </Link>
        {action}
      </div>
      {near.resolution && (
        <div className={styles.resolution}>
          <p>{beginning(near.resolution)}</p>
          {use && (
            <Button look="plain" className={styles.use} onClick={() => use.run(near.resolution ?? '')}>
              {use.label}
            </Button>
          )}
        </div>
      )}
    </li>
  )
}

/** Enough to recognise it; a cut end is shown as one. */
const beginning = (text: string): string => (text.length > 280 ? `${text.slice(0, 279).trimEnd()}…` : text)
