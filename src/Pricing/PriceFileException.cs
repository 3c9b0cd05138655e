namespace OpenAIProxy.Pricing;

/// <summary>A price file can't be used. The message lists everything that is wrong with it, one error a line.</summary>
public sealed class PriceFileException : Exception
{
    /// <summary>Creates the exception from all errors found in <paramref name="file"/>.</summary>
    public PriceFileException(string file, IReadOnlyList<string> errors, Exception? inner = null)
        : base(
            $"The price file {file} has {errors.Count} error{(errors.Count == 1 ? "" : "s")}:{Environment.NewLine}"
                + string.Join(Environment.NewLine, errors.Select(e => $"  - {e}")),
            inner)
        => Errors = errors;

    /// <summary>The errors, each with its line and place in the file and what is allowed there.</summary>
    public IReadOnlyList<string> Errors { get; }
}
