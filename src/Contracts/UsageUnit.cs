namespace OpenAIProxy.Contracts;

/// <summary>What the quantity of a usage row counts. Some units have a variant after a colon, for that is what is priced.</summary>
public static class UsageUnit
{
    /// <summary>Tokens, by kind, in the token fields of <see cref="UsageCounts"/>.</summary>
    public const string Tokens = "tokens";

    /// <summary>Thousandths of a second of audio heard or spoken.</summary>
    public const string Milliseconds = "milliseconds";

    /// <summary>Characters (Unicode scalar values) of a text that was spoken.</summary>
    public const string Characters = "characters";

    /// <summary>Images, with quality and size after it: <c>image:hd 1024x1792</c>.</summary>
    public const string Image = "image:";

    /// <summary>Thousandths of a second of video, with its size after it: <c>video:1280x720</c>.</summary>
    public const string Video = "video:";

    /// <summary>
    /// Calls of a tool that upstream runs and bills apart from the answer's tokens, with the tool after it: <c>tool:web_search</c>,
    /// <c>tool:web_search_preview</c>, <c>tool:file_search</c>, <c>tool:image_generation</c>; and containers that were used:
    /// <c>tool:code_interpreter</c> and <c>tool:shell</c> with 1 GB of memory, <c>tool:code_interpreter:4g</c>, <c>:16g</c>, <c>:64g</c> and
    /// the same of <c>tool:shell</c> with more; any other size stands there as it is called, and has no price unless the price file names it.
    /// The model of such a row is the one that answered.
    /// </summary>
    public const string Tool = "tool:";

    /// <summary>Searches in the web, by the tool that newer models have.</summary>
    public const string WebSearch = "tool:web_search";

    /// <summary>Searches in the web, by the tool that came before, which costs more for models that don't reason.</summary>
    public const string WebSearchPreview = "tool:web_search_preview";

    /// <summary>Searches in files.</summary>
    public const string FileSearch = "tool:file_search";

    /// <summary>Images that a tool made, where nothing says how many tokens they took.</summary>
    public const string ImageGeneration = "tool:image_generation";

    /// <summary>Containers that code ran in, of 1 GB.</summary>
    public const string CodeInterpreter = "tool:code_interpreter";

    /// <summary>Containers that a shell ran in, of 1 GB.</summary>
    public const string Shell = "tool:shell";

    /// <summary>
    /// A call of a search model that is billed by call besides its tokens, with the size of the search context after it: <c>search:medium</c>.
    /// </summary>
    public const string Search = "search:";

    /// <summary>Requests that cost nothing: lists, moderations, failures.</summary>
    public const string Free = "free";

    /// <summary>Requests that may have cost something which nobody can tell from outside. They are shown as unpriced, never as $0.</summary>
    public const string Unmetered = "unmetered";

    /// <summary>
    /// What a unit counts, whatever variant it is priced as: searches in the web, be they by either tool, and containers, whatever runs in
    /// them and however large they are. An object's usage counts once for each of these (<see cref="UsageRow.Once"/>): who looks at it again
    /// may know less of the variant.
    /// </summary>
    public static string WithoutVariant(string unit) => unit switch
    {
        WebSearchPreview => WebSearch,
        _ when unit.StartsWith(CodeInterpreter, StringComparison.Ordinal) || unit.StartsWith(Shell, StringComparison.Ordinal) => CodeInterpreter,
        _ => unit,
    };
}
