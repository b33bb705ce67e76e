import { useState } from 'react'
import type { Mailbox } from '../../../contract/mail.ts'
import { useTexts } from '../../kernel/i18n.ts'
import { useCall } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { Loaded } from '../../ui/States.tsx'
import { MailboxForm } from './MailboxForm.tsx'
import { Proved, ProveMailbox } from './ProveMailbox.tsx'
import { StepFrame, type Walk, Ways } from './StepFrame.tsx'
import { setUpTexts } from './texts.ts'

/**
 * A mailbox, and the proof that mail to it arrives: written down, then reached (IMAP), then a test mail is sent and
 * waited for. The server remembers each part, so a reload comes back to where it was.
 */
export function MailboxStep(walk: Walk) {
  const t = useTexts(setUpTexts)
  const boxes = useCall('GET /api/mailboxes')
  return (
    <StepFrame title={t('mailbox')} why={t('mailboxWhy')}>
      <Loaded from={boxes}>
        {({ items }) => <Stage mailbox={items.find((m) => m.proved || m.arrived) ?? items.at(-1)} walk={walk} />}
      </Loaded>
    </StepFrame>
  )
}

function Stage({ mailbox, walk }: { mailbox: Mailbox | undefined; walk: Walk }) {
  const t = useTexts(setUpTexts)
  const [changing, setChanging] = useState(false)
  const [begun, setBegun] = useState(false)
  // Somebody's own mail proves it as well as the test mail; the server counts the step as done by either.
  if (mailbox && (mailbox.proved || mailbox.arrived) && !changing)
    return (
      <>
        <Proved mailbox={mailbox} />
        <Ways
          walk={walk}
          main={
            <Button look="main" size="sm" onClick={walk.onNext}>
              {t('goOn')}
            </Button>
          }
        />
      </>
    )
  if (!mailbox || changing)
    return (
      <MailboxForm
        mailbox={mailbox}
        walk={walk}
        onSaved={() => {
          setBegun(true)
          setChanging(false)
        }}
      />
    )
  return (
    <>
      <ProveMailbox key={mailbox.id} mailbox={mailbox} atOnce={begun} onChange={() => setChanging(true)} />
      <Ways walk={walk} skip={t('mailboxLater')} />
    </>
  )
}
