using System.Buffers;
using System.Text.Json;
using OpenAIProxy.BillingService.Answers;
using OpenAIProxy.BillingService.Upstream;
using OpenAIProxy.Contracts.Keys;

namespace OpenAIProxy.BillingService.Queries;

/// <summary>The part of a subscription that is computed with.</summary>
/// <param name="LimitDollars">What may be spent, used or not.</param>
/// <param name="AccessUntil">Until when, unix seconds; null for no end.</param>
internal readonly record struct Subscription(decimal LimitDollars, long? AccessUntil)
{
    /// <summary>The budget that it stands for; null for upstream's, and where there is none.</summary>
    public BudgetStatus? Budget { get; private init; }

    /// <summary>Dollars that stand for "no limit" where clients want a number; the same as other gateways say.</summary>
    private const decimal Unlimited = 100_000_000m;

    /// <summary>No limit. What an admin key gets, as organizations have costs but no limit that could be asked for, and a key without a budget.</summary>
    public static Subscription WithoutLimit { get; } = new(Unlimited, null);

    /// <summary>That of a caller with a budget.</summary>
    public static Subscription Of(BudgetStatus budget) => new(Money.OfMicroDollars(budget.Limit), null) { Budget = budget };

    /// <summary>Reads <c>{"object":"billing_subscription","access_until":1893456000,"hard_limit_usd":7.2,"system_hard_limit_usd":7.2,…}</c>.</summary>
    /// <exception cref="BillingException">502: it is something else.</exception>
    public static Subscription Read(ReadOnlyMemory<byte> body)
    {
        using var document = UpstreamBody.Parse(body);
        var root = document.RootElement;
        var limit = Amount(root, "system_hard_limit_usd") ?? Amount(root, "hard_limit_usd")
            ?? throw BillingException.InvalidAnswer("without an amount in system_hard_limit_usd");
        // Some servers say 0 for "no end".
        return new Subscription(limit, Amount(root, "access_until") is { } until and > 0 ? (long)until : null);
    }

    /// <summary>This subscription in OpenAI's shape.</summary>
    /// <param name="source">The <see cref="AnswerSource"/>.</param>
    public ReadOnlyMemory<byte> ToJson(string source)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("object", "billing_subscription");
        json.WriteBoolean("has_payment_method", true);
        json.WriteBoolean("canceled", false);
        json.WriteNull("canceled_at");
        json.WriteNull("delinquent");
        json.WriteNumber("access_until", AccessUntil ?? CreditSummary.NoEnd);
        Money.Write(json, "soft_limit_usd", LimitDollars);
        Money.Write(json, "hard_limit_usd", LimitDollars);
        Money.Write(json, "system_hard_limit_usd", LimitDollars);
        json.WriteStartObject("plan");
        json.WriteString("title", "Pay-as-you-go");
        json.WriteString("id", "payg");
        json.WriteEndObject();
        json.WriteString("source", source);
        BudgetJson.Write(json, Budget);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static decimal? Amount(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? Money.Read(value) : null;
}
