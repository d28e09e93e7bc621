CREATE TABLE "attachments" (
	"message_id" bigint PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"file" text,
	"bytes" bigint,
	"problem" text,
	"attempts" integer NOT NULL,
	"next_try_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "contact_merges" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "contact_merges_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kept_id" bigint NOT NULL,
	"absorbed_id" bigint NOT NULL,
	"moved" jsonb NOT NULL,
	"merged_at" timestamp with time zone NOT NULL,
	"undone_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"holder" text NOT NULL,
	"fence" bigint NOT NULL,
	"expires_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "journal" DROP CONSTRAINT "journal_arrival";--> statement-breakpoint
DROP INDEX "outbox_waiting";--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "merged_into" bigint;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "lid_stale_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "journal" ADD COLUMN "source" text DEFAULT 'message' NOT NULL;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "details" jsonb;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "quoted_id" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "target_id" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "edited_text" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "edited_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "wire" "bytea";--> statement-breakpoint
ALTER TABLE "whatsapp_sessions" ADD COLUMN "last_linked_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "whatsapp_sessions" ADD COLUMN "phone_seen_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "attachments" ADD CONSTRAINT "attachments_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_merges" ADD CONSTRAINT "contact_merges_kept_id_contacts_id_fk" FOREIGN KEY ("kept_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_merges" ADD CONSTRAINT "contact_merges_absorbed_id_contacts_id_fk" FOREIGN KEY ("absorbed_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "attachments_pending" ON "attachments" USING btree ("next_try_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "messages_by_target" ON "messages" USING btree ("contact_id","target_id") WHERE target_id is not null;--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("id") WHERE state in ('queued', 'sending', 'sent');--> statement-breakpoint
ALTER TABLE "journal" ADD CONSTRAINT "journal_arrival" UNIQUE("session_id","source","author","message_id");