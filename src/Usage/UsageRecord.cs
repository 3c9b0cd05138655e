namespace OpenAIProxy.Usage;

/// <summary>What one call used: one record in the journal.</summary>
internal sealed class UsageRecord
{
    /// <summary>UUIDv7; the same as of the call's start in the journal.</summary>
    public required Guid Id { get; init; }

    /// <summary>When it was asked, unix milliseconds.</summary>
    public required long Started { get; init; }

    /// <summary>Whose it is: the <see cref="Contracts.KeyId"/>'s text, or <see cref="Contracts.UsageDimensions.Anonymous"/>.</summary>
    public required string Key { get; init; }

    /// <summary>The path family of the endpoint table.</summary>
    public required string Endpoint { get; init; }

    /// <summary>The model asked for; empty if none was seen.</summary>
    public required string RequestedModel { get; init; }

    /// <summary>The region of the upstream's host; empty for the global one.</summary>
    public string Region { get; init; } = "";

    /// <summary>Who used it below the key; empty if nobody was told, or if end users are not kept apart.</summary>
    public string EndUser { get; init; } = "";

    /// <summary>The answer's status; 0 if none came.</summary>
    public int Status { get; set; }

    /// <summary>A status of 400 or more, or an error inside a 200.</summary>
    public bool IsError { get; set; }

    /// <summary>The answer did not reach its end.</summary>
    public bool IsCut { get; set; }

    /// <summary>From the request's head to the end, milliseconds.</summary>
    public int Duration { get; set; }

    /// <summary>
    /// From the request's head to the first token of the answer, milliseconds: the first text, reasoning or arguments that passed. The first
    /// byte of the body where the answer has no text, such as sound; -1 if nothing came, for an error, and for what is free.
    /// </summary>
    public int FirstToken { get; set; } = -1;

    /// <summary>What was used. At least one line; the first one carries the request itself in its counts.</summary>
    public required IReadOnlyList<UsageLine> Lines { get; set; }
}
