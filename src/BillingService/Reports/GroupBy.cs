namespace OpenAIProxy.BillingService.Reports;

/// <summary>What the rows of a report are kept apart by.</summary>
[Flags]
internal enum GroupBy
{
    /// <summary>One row for all.</summary>
    None = 0,

    /// <summary>Day, in the report's time zone.</summary>
    Day = 1,

    Model = 2,

    /// <summary>Path family.</summary>
    Endpoint = 4,

    Key = 8,

    /// <summary>Who used it below the key.</summary>
    EndUser = 16,

    /// <summary>The team of the key, as it is now.</summary>
    Team = 32,

    /// <summary>The owner of the key, as it is now.</summary>
    Owner = 64,

    /// <summary>Whose the key is.</summary>
    Holder = Team | Owner,
}
