CREATE TABLE "job_runs" (
	"name" text PRIMARY KEY NOT NULL,
	"ran_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "known_from" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "orders_recent" ON "orders" USING btree ("source","created_at");