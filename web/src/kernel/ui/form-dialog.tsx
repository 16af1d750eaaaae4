import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useT } from '@/kernel/i18n'
import { Form, Modal } from './primitives'
import { Refusal } from './refusal'

interface FormDialogProps<Body, Answer> {
  title: string
  verb: string
  initial: Partial<Body>
  send: (body: Body) => Promise<Answer>
  onSent: (answer: Answer) => void | Promise<void>
  onClose: () => void
  children: ReactNode
}

/** Ask for something in a dialog, send it, and say why it was refused. */
export const FormDialog = <Body extends object, Answer>(props: FormDialogProps<Body, Answer>) => {
  const t = useT()
  const [form] = Form.useForm<Body>()
  const sending = useMutation({
    mutationFn: props.send,
    onSuccess: props.onSent,
  })
  return (
    <Modal
      open
      title={props.title}
      okText={props.verb}
      cancelText={t('kernel.ui.cancel')}
      okButtonProps={{ loading: sending.isPending }}
      onOk={form.submit}
      onCancel={props.onClose}
    >
      <Form<Body>
        form={form}
        layout="vertical"
        requiredMark={false}
        initialValues={props.initial}
        onFinish={(body) => sending.mutate(body)}
      >
        {props.children}
        <Refusal error={sending.error} />
      </Form>
    </Modal>
  )
}
