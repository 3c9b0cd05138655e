namespace OpenAIProxy.Standalone.Checks;

/// <summary>How bad what a check has found is.</summary>
internal enum CheckMark
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>It works, and will hurt.</summary>
    Warning,

    /// <summary>It won't work.</summary>
    Error,
}
