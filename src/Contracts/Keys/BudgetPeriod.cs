namespace OpenAIProxy.Contracts.Keys;

/// <summary>The time in which a budget may be spent. It begins at midnight of the operator's time zone.</summary>
public enum BudgetPeriod
{
    /// <summary>A calendar day.</summary>
    Day,

    /// <summary>A week, from Monday on.</summary>
    Week,

    /// <summary>A calendar month.</summary>
    Month,

    /// <summary>All time.</summary>
    Total,
}
