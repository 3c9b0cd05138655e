namespace OpenAIProxy.Usage.Answers;

/// <summary>What an answer used.</summary>
/// <param name="Lines">
/// At least one. Requests, Errors and Cut are 0 in all of them: whoever makes the record sets those of the first, which therefore is one that
/// always counts and has no <see cref="UsageLine.Once"/>.
/// </param>
/// <param name="IsError">True for a status of 400 or more, and for an error inside a 200.</param>
/// <param name="IsCut">True if the answer did not reach its end: an end mark that never came counts as that too.</param>
internal sealed record AnswerUsage(IReadOnlyList<UsageLine> Lines, bool IsError, bool IsCut);
