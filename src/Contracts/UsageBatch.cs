namespace OpenAIProxy.Contracts;

/// <summary>
/// What a gateway hands to the billing service: <c>POST /internal/usage</c>, JSON, with <see cref="InternalHeaders.Token"/>. Answered by 204
/// when it is in the ledger, also if it was there before.
/// </summary>
/// <param name="Id">The id of the journal's segment it comes from; a batch with an id that was taken before is ignored.</param>
/// <param name="Rows">The usage, each combination of dimensions once, but for rows with <see cref="UsageRow.Once"/>.</param>
public sealed record UsageBatch(Guid Id, IReadOnlyList<UsageRow> Rows)
{
    /// <summary>What the gateway knows of the keys in the rows, each once; null if nothing. The last that comes for a key holds.</summary>
    public IReadOnlyList<KeyLabel>? Keys { get; init; }

    /// <summary>
    /// The last calls of the batch, at most <see cref="RecentCall.MostOfBatch"/>, the latest last; null from gateways that don't tell. A batch is taken
    /// whatever is in here.
    /// </summary>
    public IReadOnlyList<RecentCall>? Calls { get; init; }

    /// <summary>Where batches are posted.</summary>
    public const string Path = "/internal/usage";
}
