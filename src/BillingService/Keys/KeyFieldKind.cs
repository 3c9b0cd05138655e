namespace OpenAIProxy.BillingService.Keys;

/// <summary>What a field of a key holds.</summary>
internal enum KeyFieldKind
{
    /// <summary>One text.</summary>
    Text,

    /// <summary>Any number of texts.</summary>
    List,

    /// <summary>True or false.</summary>
    Switch,

    /// <summary>A date or a time, or none.</summary>
    Time,

    /// <summary>Several in one text, with semicolons between.</summary>
    Notation,
}
