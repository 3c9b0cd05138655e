namespace OpenAIProxy.Usage.IncludeUsage;

/// <summary>What is to be put into a request's body.</summary>
/// <param name="At">Where.</param>
/// <param name="Replaced">How many bytes from there on it stands for.</param>
/// <param name="Text">The bytes.</param>
internal sealed record Splice(long At, int Replaced, byte[] Text);
