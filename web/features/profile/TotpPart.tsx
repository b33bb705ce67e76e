import { useState } from 'react'
import { useTexts } from '../../kernel/i18n.ts'
import { renew, useSend } from '../../kernel/query.ts'
import { Button } from '../../ui/Button.tsx'
import { useConfirm } from '../../ui/confirm.tsx'
import { Buttons, Dialog } from '../../ui/Dialog.tsx'
import { Badge } from '../../ui/Marks.tsx'
import { Section } from '../../ui/Page.tsx'
import { toast } from '../../ui/Toast.tsx'
import { RecoveryCodes } from '../sessions/RecoveryCodes.tsx'
import { TotpSetUp } from '../sessions/SecondFactorSetUpPage.tsx'
import type { Refused } from './FreshSignIn.tsx'
import { profileTexts } from './texts.ts'

/** An authenticator app: QR code, one code to prove it, ten recovery codes shown once. */
export function TotpPart({ on, left, refused }: { on: boolean; left: number; refused: Refused }) {
  const t = useTexts(profileTexts)
  const [open, setOpen] = useState(false)
  const [codes, setCodes] = useState<readonly string[]>()
  const [confirm, dialog] = useConfirm()
  const remove = useSend('DELETE /api/me/totp', {
    renews: ['GET /api/me/security'],
    onDone: () => void toast(t('totpRemoved')),
    onProblem: refused,
  })
  const close = () => {
    setOpen(false)
    setCodes(undefined)
    renew('GET /api/me/security')
  }
  const askToRemove = async () => {
    if (await confirm({ title: t('totpRemoveTitle'), text: t('totpRemoveText'), action: t('totpRemove'), danger: true })) remove.mutate({})
  }
  return (
    <Section
      title={t('totpTitle')}
      lead={t('totpText')}
      actions={
        on ? (
          <Button onClick={() => void askToRemove()}>{t('totpRemove')}</Button>
        ) : (
          <Button onClick={() => setOpen(true)}>{t('totpSetUp')}</Button>
        )
      }
    >
      <div className="row wrap">
        <Badge tone={on ? 'good' : 'plain'}>{t(on ? 'totpOn' : 'totpOff')}</Badge>
        {on && <span className="dim">{t('totpLeft', { count: left })}</span>}
      </div>
      <Dialog title={t(codes ? 'codesTitle' : 'totpTitle')} open={open} onClose={close}>
        {codes ? (
          <div className="stack">
            <p>{t('codesText')}</p>
            <RecoveryCodes codes={codes} />
            <Buttons>
              <Button look="main" onClick={close}>
                {t('codesKept')}
              </Button>
            </Buttons>
          </div>
        ) : (
          <TotpSetUp onCodes={setCodes} />
        )}
      </Dialog>
      {dialog}
    </Section>
  )
}
