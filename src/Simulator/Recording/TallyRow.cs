namespace OpenAIProxy.Simulator.Recording;

/// <summary>Calls of one kind. The tokens are those of the answered calls only.</summary>
/// <param name="Tag">The value of <c>x-sim-tag</c>; empty if there was none.</param>
/// <param name="Family">The path family, such as <c>chat</c>.</param>
/// <param name="Model">The model that the answer names.</param>
/// <param name="Begun">Calls whose request was read to its end and was good.</param>
/// <param name="Answered">
/// Of these, the calls whose answer was written to its end, without a fault. A client that left during its very last bytes can't be told from one
/// that has them.
/// </param>
/// <param name="PromptTokens">Input tokens, all kinds.</param>
/// <param name="CompletionTokens">Output tokens, all kinds.</param>
/// <param name="CachedTokens">Of the input, read from the cache.</param>
/// <param name="ReasoningTokens">Of the output, reasoning.</param>
public sealed record TallyRow(
    string Tag, string Family, string Model, long Begun, long Answered, long PromptTokens, long CompletionTokens, long CachedTokens, long ReasoningTokens);
