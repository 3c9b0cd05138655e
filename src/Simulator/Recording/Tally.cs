using System.Collections.Concurrent;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Pipeline;

namespace OpenAIProxy.Simulator.Recording;

/// <summary>
/// What was answered, to hold a ledger against: calls and tokens by tag, path family and model. A stream counts with the tokens that it
/// has used, whether or not it was asked to tell them. Looked-at objects (polled responses, batches, runs) are not calls of their own.
/// </summary>
public sealed class Tally
{
    private readonly ConcurrentDictionary<(string Tag, string Family, string Model), TallyCell> _cells = new();

    /// <summary>All counts so far.</summary>
    public IReadOnlyList<TallyRow> Rows() => [.. _cells.Select(c => c.Value.Row(c.Key.Tag, c.Key.Family, c.Key.Model))];

    /// <summary>Begins anew. A call that is under way is in neither the old nor the new tally as answered.</summary>
    public void Reset() => _cells.Clear();

    /// <summary>Counts a call as begun. Whoever writes its answer says when that has ended.</summary>
    internal TalliedCall Begin(string tag, string family, string model, TokenCounts tokens)
    {
        var cell = _cells.GetOrAdd((tag, family, model), static _ => new TallyCell());
        cell.Begin();
        return new TalliedCall(cell, tokens);
    }

    /// <summary>Counts an HTTP call as begun; the pipeline sees its end.</summary>
    internal void Begin(HttpContext context, string family, string model, TokenCounts tokens)
        => context.Features.Set(Begin(context.Behavior().Tag, family, model, tokens));
}
