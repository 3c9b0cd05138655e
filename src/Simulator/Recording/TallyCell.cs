using OpenAIProxy.Simulator.Behaviors;

namespace OpenAIProxy.Simulator.Recording;

/// <summary>The counts of one kind of calls. Each is exact; while calls go on, they need not be of the same moment.</summary>
internal sealed class TallyCell
{
    private long _begun;
    private long _answered;
    private long _prompt;
    private long _completion;
    private long _cached;
    private long _reasoning;

    public void Begin() => Interlocked.Increment(ref _begun);

    public void Answer(TokenCounts tokens)
    {
        Interlocked.Add(ref _prompt, tokens.Prompt);
        Interlocked.Add(ref _completion, tokens.Completion);
        Interlocked.Add(ref _cached, tokens.Cached);
        Interlocked.Add(ref _reasoning, tokens.Reasoning);
        // Last: who sees that a call was answered sees its tokens, too.
        Interlocked.Increment(ref _answered);
    }

    public TallyRow Row(string tag, string family, string model) => new(
        tag, family, model, Volatile.Read(ref _begun), Volatile.Read(ref _answered), Volatile.Read(ref _prompt), Volatile.Read(ref _completion),
        Volatile.Read(ref _cached), Volatile.Read(ref _reasoning));
}
