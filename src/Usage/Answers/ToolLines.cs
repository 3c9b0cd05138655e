using OpenAIProxy.Contracts;
using OpenAIProxy.Usage.Scanning;

namespace OpenAIProxy.Usage.Answers;

/// <summary>The lines of the tools that upstream ran for a response.</summary>
/// <param name="lines">Where they go.</param>
/// <param name="model">The response's model.</param>
/// <param name="tier">The tier that answered. A completion window makes tokens cheaper, not tools.</param>
/// <param name="once">The response's id, if it must be counted once only; else null.</param>
internal readonly struct ToolLines(List<UsageLine> lines, string model, string tier, string? once)
{
    /// <summary>
    /// What makes images where neither the answer nor the request names a model, as it was on 2026-11-29. Earlier defaults differ, and most
    /// answers name none.
    /// </summary>
    private const string DefaultImageModel = "gpt-image-2.6-sunburst";

    /// <summary>What a container counts once by.</summary>
    public static string OnceOf(ulong container) => $"container {container:x16}";

    /// <summary>Adds calls of a tool that is billed by them.</summary>
    public void AddCalls(string unit, long calls, bool isEstimated = false)
    {
        if (calls > 0)
        {
            lines.Add(Line(unit, calls, once is null ? null : once + ' ' + UsageUnit.WithoutVariant(unit)) with { Estimated = isEstimated });
        }
    }

    /// <summary>Adds searches in the web, by the tool that made them.</summary>
    public void AddSearches(long searches, in ResponseOptions options)
        => AddCalls(options.SearchUnit ?? UsageUnit.WebSearch, searches, options.IsSearchUnsure);

    /// <summary>
    /// Adds containers, once for each id: later responses may go on with the same one. They are billed by the minute, five at least, and
    /// no answer says how many it were: each is taken as a session of 20 minutes, and marked as estimated.
    /// </summary>
    public void AddContainers(in ToolCalls calls, in ResponseOptions options)
    {
        for (var i = 0; i < calls.Containers.Length; i++)
        {
            var container = calls.Containers[i];
            var tool = calls.IsShell(i) ? UsageUnit.Shell : UsageUnit.CodeInterpreter;
            var id = container != 0 ? OnceOf(container) : once is null ? null : once + ' ' + tool;
            lines.Add(Line(calls.IsShell(i) ? options.ShellUnit : options.CodeInterpreterUnit, 1, id) with { Estimated = true });
        }
    }

    /// <summary>Adds the tokens of the image tool's own model.</summary>
    /// <param name="usage">What the response says of them.</param>
    /// <param name="model">The tool's model; null if none is named.</param>
    public void AddImages(in UsageReading usage, string? model)
    {
        var id = once is null ? null : once + " image_generation";
        var tokens = usage.Tokens(out var isInferred);
        if (!usage.IsTold(JsonField.ImageOutput))
        {
            // Output of which nothing says what it is, is images: that is what the tool makes.
            var images = tokens.Output - usage.Value(JsonField.TextOutput);
            tokens.ImageOutput = Math.Max(0, images);
            isInferred |= images < 0;
        }

        lines.Add(new UsageLine(
            UsageLines.Cut(model ?? DefaultImageModel), ServiceTier.Default, UsageUnit.Tokens, Estimated: model is null || isInferred, tokens, id)
        {
            IsOfAnotherModel = true,
        });
    }

    private UsageLine Line(string unit, long quantity, string? id)
        => new(model, tier, unit, Estimated: false, new UsageCounts { Quantity = quantity }, id);
}
