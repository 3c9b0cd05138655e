using System.Buffers;
using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Reports;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>
/// Writes what readers of balances look for at <c>/v1/usage</c>: the fields of sub2api's answer and those that cc-switch's scripts map, in one
/// object. Amounts are dollars. Without a budget what is left, and of how much, is null.
/// </summary>
internal static class Balance
{
    private const string Unit = "USD";

    // Not UsageDimensions.Other, which may be one of the dearest.
    private const string Rest = "(others)";

    private const double MinutesPerDay = 24 * 60;

    /// <param name="models">All usage of a key, by model.</param>
    /// <param name="budget">The key's budget that is spent first; null if it has none.</param>
    /// <param name="limits">The limits that the key is under, a JSON array; null if it has none.</param>
    /// <param name="now">When it is asked.</param>
    public static ReadOnlyMemory<byte> Write(Ranking models, BudgetStatus? budget, string? limits, DateTimeOffset now)
    {
        decimal? limit = budget is null ? null : Money.OfMicroDollars(budget.Limit);
        decimal? left = budget is null ? null : Money.OfMicroDollars(budget.Remaining);
        var total = models.Total.ToFigures();
        var used = budget is null ? total.Dollars : Money.OfMicroDollars(budget.Used);
        var today = models.Day(DateOnly.FromDateTime(now.UtcDateTime));
        var buffer = new ArrayBufferWriter<byte>(2048);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("mode", budget is null ? "unrestricted" : "quota_limited");
        json.WriteString("status", "active");
        json.WriteBoolean("isValid", true);
        json.WriteNull("invalidMessage");
        json.WriteString("planName", "OpenAIProxy");
        WriteDollars(json, "remaining", left);
        WriteDollars(json, "used", used);
        WriteDollars(json, "total", limit);
        json.WriteString("unit", Unit);
        WriteDollars(json, "balance", left);
        json.WriteString("extra", total.IsUnpriced ? "A part of the usage has no price and is not in the amounts." : null);
        json.WriteStartObject("quota");
        WriteDollars(json, "limit", limit);
        WriteDollars(json, "used", used);
        WriteDollars(json, "remaining", left);
        json.WriteString("unit", Unit);
        json.WriteEndObject();
        json.WriteStartObject("usage");
        WriteFigures(json, "today", today);
        WriteFigures(json, "total", total);
        WriteNumber(json, "average_duration_ms", models.Total.MeanDuration);
        // The ledger knows hours, not minutes: what today has had a minute so far.
        var minutes = Math.Max(1, now.UtcDateTime.TimeOfDay.TotalDays * MinutesPerDay);
        WriteNumber(json, "rpm", (today?.Counts.Requests ?? 0) / minutes);
        WriteNumber(json, "tpm", (today?.Tokens ?? 0) / minutes);
        json.WriteEndObject();
        json.WriteStartArray("model_stats");
        foreach (var model in models.Top())
        {
            WriteModel(json, model.Name, model.Sum.ToFigures());
        }

        if (models.RestCount > 0)
        {
            WriteModel(json, Rest, models.Rest);
        }

        json.WriteEndArray();
        LedgerNotes.Write(json, total, total.EstimatedDollars);
        BudgetJson.Write(json, budget);
        if (limits is not null)
        {
            json.WritePropertyName("limits");
            json.WriteRawValue(limits);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static void WriteModel(Utf8JsonWriter json, string name, UsageFigures figures)
    {
        json.WriteStartObject();
        json.WriteString("model", name);
        WriteFields(json, figures);
        json.WriteEndObject();
    }

    private static void WriteFigures(Utf8JsonWriter json, string name, UsageFigures? figures)
    {
        json.WriteStartObject(name);
        WriteFields(json, figures);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, UsageFigures? figures)
    {
        json.WriteNumber("requests", figures?.Counts.Requests ?? 0);
        LedgerNotes.WriteTokens(json, figures?.Counts.Input ?? 0, figures?.Counts.Output ?? 0);
        json.WriteNumber("cache_creation_tokens", figures?.Counts.CacheWrite ?? 0);
        json.WriteNumber("cache_read_tokens", figures?.Counts.CachedInput ?? 0);
        // What it costs by the price book is what it cost: there are no rates of ours on top.
        WriteDollars(json, "cost", figures is null ? 0m : figures.Dollars);
        WriteDollars(json, "actual_cost", figures is null ? 0m : figures.Dollars);
    }

    private static void WriteDollars(Utf8JsonWriter json, string name, decimal? dollars)
    {
        if (dollars is { } known)
        {
            Money.Write(json, name, known);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } known)
        {
            json.WriteNumber(name, Math.Round(known, 2));
        }
        else
        {
            json.WriteNull(name);
        }
    }
}
