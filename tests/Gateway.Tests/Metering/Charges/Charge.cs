using OpenAIProxy.Pricing;
using OpenAIProxy.Usage;
using OpenAIProxy.Usage.Answers;
using OpenAIProxy.Usage.Tests.Answers;
using OpenAIProxy.UsageJournal.Shipping;

namespace OpenAIProxy.Gateway.Tests.Metering.Charges;

/// <summary>What a record charges for, in words and in dollars.</summary>
internal static class Charge
{
    private static readonly long Hour = new DateTimeOffset(2026, 11, 29, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds() / 3600;

    /// <summary>The record's lines as <see cref="Told"/> says them.</summary>
    public static string Of(UsageRecord record) => Told.Of(new AnswerUsage(record.Lines, record.IsError, record.IsCut));

    /// <summary>What the built-in price book says of the rows that the record becomes, at the prices of 2026-11-29.</summary>
    public static Cost Dollars(UsageRecord record)
    {
        var builder = new BatchBuilder();
        builder.Add(record);
        return builder.Build(Guid.Empty).Rows.Aggregate(Cost.Free, (sum, row) => sum + PriceBook.BuiltIn.Price(row.What with { Hour = Hour }, row.Counts));
    }

    /// <summary>The only record of a call that is answered with JSON.</summary>
    public static async Task<UsageRecord> CallAsync(string target, string body, string answer)
    {
        await using var rig = await MeteredRig.StartAsync();
        await rig.ExchangeAsync(MeteredRig.Post(target, body), MeteredRig.Answer(answer));
        return await rig.RecordAsync();
    }

    /// <summary>Asserts that a record says <paramref name="lines"/>, line by line, and costs that much.</summary>
    public static void Is(string lines, decimal dollars, UsageRecord record)
    {
        Assert.Equal(lines.ReplaceLineEndings("\n"), Of(record));
        Costs(dollars, record);
    }

    /// <summary>Asserts that a record costs that much, and that nothing of it is without a price.</summary>
    public static void Costs(decimal dollars, UsageRecord record) => Assert.Equal(new Cost(dollars, false), Dollars(record));
}
