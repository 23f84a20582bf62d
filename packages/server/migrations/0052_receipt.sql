-- Receipts are archived like certificates: numbered, signed, with code, checked on the same public page.
ALTER TABLE certificate DROP CONSTRAINT certificate_kind_check;
ALTER TABLE certificate ADD CONSTRAINT certificate_kind_check
  CHECK (kind IN ('unit', 'person', 'submission', 'void', 'payment'));
CREATE INDEX certificate_day ON certificate (issued_on, certificate_no);

-- Which declarations a document vouches for: when a payment is undone, its documents are withdrawn.
CREATE TABLE certificate_bill (
  taxpayer_id    text NOT NULL,
  certificate_id uuid NOT NULL REFERENCES certificate (id),
  declaration_id uuid NOT NULL,
  PRIMARY KEY (taxpayer_id, certificate_id, declaration_id)
);
CREATE INDEX certificate_bill_declaration ON certificate_bill (declaration_id);
