import type { Ref, TargetedEvent } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';
import './text-field.css';

export interface TextFieldProps {
  readonly label: string;
  /** Keeps the label for assistive technology only, where the place says it to the eye. */
  readonly labelHidden?: boolean;
  readonly placeholder?: string;
  readonly value?: string;
  readonly maxLength?: number;
  readonly autocomplete?: 'name' | 'off';
  /** A text of names and addresses: no capitals, no corrections. */
  readonly verbatim?: boolean;
  /** What is wrong with the value, said below it. */
  readonly error?: string | null;
  readonly inputRef?: Ref<HTMLInputElement>;
  readonly onInput: (event: TargetedEvent<HTMLInputElement, InputEvent>) => void;
}

export function TextField(props: TextFieldProps) {
  const {
    label,
    labelHidden,
    placeholder,
    value,
    maxLength,
    autocomplete,
    verbatim,
    error,
    inputRef,
    onInput,
  } = props;
  const id = useId();
  const wrong = error !== undefined && error !== null;
  return (
    <div class="text-field">
      <label for={id} class={labelHidden === true ? 'visually-hidden' : 'text-field__label'}>
        {label}
      </label>
      <input
        type="text"
        {...(inputRef === undefined ? {} : { ref: inputRef })}
        {...(verbatim === true ? { autocapitalize: 'none', spellcheck: false } : {})}
        id={id}
        placeholder={placeholder}
        value={value}
        maxLength={maxLength}
        autocomplete={autocomplete}
        enterkeyhint="go"
        onInput={onInput}
        class="text-field__input"
        aria-invalid={wrong ? 'true' : undefined}
        aria-describedby={wrong ? `${id}-error` : undefined}
      />
      {wrong && (
        <p id={`${id}-error`} class="text-field__error" role="alert">
          <Icon name="circleAlert" class="icon--small" />
          {error}
        </p>
      )}
    </div>
  );
}
