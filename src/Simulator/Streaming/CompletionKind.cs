namespace OpenAIProxy.Simulator.Streaming;

/// <summary>Chat completions, or the completions before them.</summary>
internal enum CompletionKind
{
    Chat,
    Text,
}
