CREATE TABLE "cappings" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "cappings_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"contact_id" bigint NOT NULL,
	"reserved_at" timestamp with time zone NOT NULL,
	"confirmed_at" timestamp with time zone,
	"released_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "carts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "carts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"token" text NOT NULL,
	"items" jsonb NOT NULL,
	"total" numeric(18, 4),
	"currency" text,
	"url" text,
	"first_added_at" timestamp with time zone NOT NULL,
	"last_added_at" timestamp with time zone NOT NULL,
	"emptied_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"joined_at" timestamp with time zone,
	"contact_id" bigint,
	"phone" text,
	"customer_id" text,
	"email" text,
	CONSTRAINT "carts_once" UNIQUE("source","token")
);
--> statement-breakpoint
CREATE TABLE "checkouts" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "checkouts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"token" text NOT NULL,
	"cart_token" text,
	"items" jsonb NOT NULL,
	"total" numeric(18, 4),
	"currency" text,
	"url" text,
	"started_at" timestamp with time zone NOT NULL,
	"completed_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"joined_at" timestamp with time zone,
	"contact_id" bigint,
	"phone" text,
	"customer_id" text,
	"email" text,
	CONSTRAINT "checkouts_once" UNIQUE("source","token")
);
--> statement-breakpoint
CREATE TABLE "connections" (
	"name" text PRIMARY KEY NOT NULL,
	"trouble" text,
	"detail" text,
	"trouble_since" timestamp with time zone,
	"checked_at" timestamp with time zone,
	"polled_until" timestamp with time zone,
	"known_from" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "consents" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "consents_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"key" text NOT NULL,
	"state" text NOT NULL,
	"act" boolean NOT NULL,
	"said" text NOT NULL,
	"wording" text,
	"proof" text,
	"at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"source" text,
	"contact_id" bigint,
	"phone" text,
	"customer_id" text,
	"email" text,
	CONSTRAINT "consents_once" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "contact_attributes" (
	"source" text NOT NULL,
	"holder" text NOT NULL,
	"name" text NOT NULL,
	"value" text NOT NULL,
	"version" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"contact_id" bigint,
	"phone" text,
	"customer_id" text,
	"email" text,
	CONSTRAINT "contact_attributes_source_holder_name_pk" PRIMARY KEY("source","holder","name")
);
--> statement-breakpoint
CREATE TABLE "doomed_files" (
	"file" text PRIMARY KEY NOT NULL,
	"due_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "forgotten" (
	"hash" "bytea" PRIMARY KEY NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "house_keys" (
	"name" text PRIMARY KEY NOT NULL,
	"value" "bytea" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "job_runs" (
	"name" text PRIMARY KEY NOT NULL,
	"ran_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "opt_out_questions" (
	"contact_id" bigint PRIMARY KEY NOT NULL,
	"about" text NOT NULL,
	"question" text NOT NULL,
	"language" text NOT NULL,
	"asked_at" timestamp with time zone NOT NULL,
	"answered_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "orders_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"external_id" text NOT NULL,
	"number" text,
	"cart_token" text,
	"checkout_token" text,
	"items" jsonb NOT NULL,
	"total" numeric(18, 4),
	"currency" text,
	"refunded" numeric(18, 4) NOT NULL,
	"codes" jsonb NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"paid_at" timestamp with time zone,
	"completed_at" timestamp with time zone,
	"cancelled_at" timestamp with time zone,
	"test" boolean NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"contact_id" bigint,
	"phone" text,
	"customer_id" text,
	"email" text,
	CONSTRAINT "orders_once" UNIQUE("source","external_id")
);
--> statement-breakpoint
CREATE TABLE "outbound_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "outbound_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"event_id" text NOT NULL,
	"type" text NOT NULL,
	"body" text NOT NULL,
	"contact_id" bigint,
	"created_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"attempts" integer NOT NULL,
	"next_try_at" timestamp with time zone NOT NULL,
	"problem" text,
	"state_since" timestamp with time zone NOT NULL,
	CONSTRAINT "outbound_events_once" UNIQUE("event_id")
);
--> statement-breakpoint
CREATE TABLE "shop_deliveries" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "shop_deliveries_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"key" text NOT NULL,
	"topic" text NOT NULL,
	"body" "bytea" NOT NULL,
	"body_hash" "bytea" NOT NULL,
	"triggered_at" timestamp with time zone NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	"state" text NOT NULL,
	"problem" text,
	"handled_at" timestamp with time zone,
	CONSTRAINT "shop_deliveries_once" UNIQUE("source","key")
);
--> statement-breakpoint
CREATE TABLE "shop_events" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "shop_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"source" text NOT NULL,
	"subject" text NOT NULL,
	"type" text NOT NULL,
	"occurred_at" timestamp with time zone NOT NULL,
	"recorded_at" timestamp with time zone NOT NULL,
	"contact_id" bigint,
	"details" jsonb,
	CONSTRAINT "shop_events_once" UNIQUE("source","subject","type","occurred_at")
);
--> statement-breakpoint
CREATE TABLE "shop_names" (
	"source" text NOT NULL,
	"kind" text NOT NULL,
	"value" text NOT NULL,
	"contact_id" bigint NOT NULL,
	"phone" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "shop_names_source_kind_value_phone_pk" PRIMARY KEY("source","kind","value","phone")
);
--> statement-breakpoint
CREATE TABLE "shop_reports" (
	"source" text NOT NULL,
	"subject" text NOT NULL,
	"version" text NOT NULL,
	"report" jsonb NOT NULL,
	CONSTRAINT "shop_reports_source_subject_version_pk" PRIMARY KEY("source","subject","version")
);
--> statement-breakpoint
ALTER TABLE "contact_addresses" ADD COLUMN "match_key" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "private_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "cappings" ADD CONSTRAINT "cappings_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "carts" ADD CONSTRAINT "carts_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "checkouts" ADD CONSTRAINT "checkouts_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consents" ADD CONSTRAINT "consents_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "contact_attributes" ADD CONSTRAINT "contact_attributes_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opt_out_questions" ADD CONSTRAINT "opt_out_questions_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outbound_events" ADD CONSTRAINT "outbound_events_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shop_events" ADD CONSTRAINT "shop_events_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shop_names" ADD CONSTRAINT "shop_names_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "cappings_contact" ON "cappings" USING btree ("contact_id","reserved_at");--> statement-breakpoint
CREATE INDEX "carts_contact" ON "carts" USING btree ("contact_id","updated_at");--> statement-breakpoint
CREATE INDEX "carts_customer" ON "carts" USING btree ("source","customer_id") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "carts_email" ON "carts" USING btree ("source","email") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "checkouts_cart" ON "checkouts" USING btree ("source","cart_token");--> statement-breakpoint
CREATE INDEX "checkouts_contact" ON "checkouts" USING btree ("contact_id","updated_at");--> statement-breakpoint
CREATE INDEX "checkouts_customer" ON "checkouts" USING btree ("source","customer_id") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "checkouts_email" ON "checkouts" USING btree ("source","email") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "consents_contact" ON "consents" USING btree ("contact_id","at");--> statement-breakpoint
CREATE INDEX "consents_customer" ON "consents" USING btree ("source","customer_id") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "consents_email" ON "consents" USING btree ("source","email") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "contact_attributes_contact" ON "contact_attributes" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_attributes_customer" ON "contact_attributes" USING btree ("source","customer_id") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "contact_attributes_email" ON "contact_attributes" USING btree ("source","email") WHERE phone is null;--> statement-breakpoint
CREATE INDEX "doomed_files_due" ON "doomed_files" USING btree ("due_at");--> statement-breakpoint
CREATE INDEX "orders_contact" ON "orders" USING btree ("contact_id","created_at");--> statement-breakpoint
CREATE INDEX "orders_cart" ON "orders" USING btree ("source","cart_token");--> statement-breakpoint
CREATE INDEX "orders_customer" ON "orders" USING btree ("source","customer_id");--> statement-breakpoint
CREATE INDEX "orders_email" ON "orders" USING btree ("source","email");--> statement-breakpoint
CREATE INDEX "orders_recent" ON "orders" USING btree ("source","created_at");--> statement-breakpoint
CREATE INDEX "outbound_events_pending" ON "outbound_events" USING btree ("next_try_at") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "shop_deliveries_pending" ON "shop_deliveries" USING btree ("id") WHERE state = 'pending';--> statement-breakpoint
CREATE INDEX "shop_deliveries_failed" ON "shop_deliveries" USING btree ("id") WHERE state = 'failed';--> statement-breakpoint
CREATE INDEX "shop_events_contact" ON "shop_events" USING btree ("contact_id","type","occurred_at");--> statement-breakpoint
CREATE INDEX "shop_names_contact" ON "shop_names" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_addresses_match" ON "contact_addresses" USING btree ("match_key");--> statement-breakpoint
UPDATE "contact_addresses" SET "match_key" = regexp_replace(regexp_replace(regexp_replace(regexp_replace("value",
  '^\+', ''), '^55(\d\d)9(\d{8})$', '55\1\2'), '^521(\d{10})$', '52\1'), '^549(\d{10})$', '54\1') WHERE "kind" = 'phone';
