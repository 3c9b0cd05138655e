namespace OpenAIProxy.ServiceDefaults.Configuration;

/// <summary>The configuration can't be used. The message lists everything that is wrong with it, one error a line, and holds no secret.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Creates the exception from all errors found.</summary>
    public SettingsException(IReadOnlyList<string> errors)
        : base($"The configuration has {errors.Count} error{(errors.Count == 1 ? "" : "s")}:{Environment.NewLine}"
            + string.Join(Environment.NewLine, errors.Select(e => $"  - {e}")))
        => Errors = errors;

    /// <summary>The errors, each naming its setting and what is allowed there.</summary>
    public IReadOnlyList<string> Errors { get; }
}
