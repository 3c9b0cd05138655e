using System.CommandLine;
using OpenAIProxy.BillingService.Alerts;
using OpenAIProxy.BillingService.Commands;
using OpenAIProxy.BillingService.Configuration;
using OpenAIProxy.Contracts.Keys;
using OpenAIProxy.ServiceDefaults.Configuration;
using OpenAIProxy.Standalone.Hosting;
using OpenAIProxy.Standalone.Options;

namespace OpenAIProxy.Standalone.Commands;

/// <summary><c>openai-proxy alerts test</c>: does each webhook take a message?</summary>
internal static class AlertsCommand
{
    public static Command Create(TextWriter output) => new("alerts") { Test(output) };

    private static Command Test(TextWriter output)
    {
        var json = JsonFlag.Create();
        var command = new Command("test") { json };
        var flags = new SettingsFlags(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var builder = Startup.CreateBuilder(Halves.ForBilling(StartArguments.Create(flags.Read(result)).Args));
            var webhooks = BillingSettings.Read(builder.Configuration).Alerts.Webhooks;
            if (webhooks.Count == 0)
            {
                throw new CommandFailedException("There are no webhooks: Alerts:Webhooks is not set.");
            }

            using var sender = new WebhookSender(TimeProvider.System);
            var reasons = new List<(Webhook Webhook, string? Reason)>();
            foreach (var webhook in webhooks)
            {
                reasons.Add((webhook, await sender.SendAsync(webhook, Sample(), cancellationToken)));
            }

            Write(output, reasons, result.GetValue(json));
            return reasons.TrueForAll(r => r.Reason is null) ? 0 : CommandRunner.Failure;
        });
        return command;
    }

    private static BudgetAlert Sample() => new(
        "key", "key_0123456789abcdef01234567", "test", BudgetPeriod.Month, "month-test", 10_000_000, 5_000_000, 50, null);

    private static void Write(TextWriter output, List<(Webhook Webhook, string? Reason)> reasons, bool isJson)
    {
        if (!isJson)
        {
            foreach (var (webhook, reason) in reasons)
            {
                output.WriteLine(reason is null ? $"{webhook}: taken" : $"{webhook}: not taken, {reason}");
            }

            return;
        }

        CommandJson.Write(output, writer =>
        {
            writer.WriteString("object", "alert_test");
            writer.WriteStartArray("webhooks");
            foreach (var (webhook, reason) in reasons)
            {
                writer.WriteStartObject();
                writer.WriteString("kind", webhook.Kind.ToString());
                writer.WriteString("host", webhook.Url.Host);
                writer.WriteBoolean("taken", reason is null);
                writer.WriteString("reason", reason);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        });
    }
}
