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

    /// <summary>Calls of a tool that upstream runs and bills apart: <c>tool:web_search</c>, <c>tool:file_search</c>, <c>tool:code_interpreter</c>, <c>tool:image_generation</c>.</summary>
    public const string Tool = "tool:";

    /// <summary>
    /// A call of a search model that is billed by call besides its tokens, with the size of the search context after it: <c>search:medium</c>.
    /// </summary>
    public const string Search = "search:";

    /// <summary>Requests that cost nothing: lists, moderations, failures.</summary>
    public const string Free = "free";

    /// <summary>Requests that may have cost something which nobody can tell from outside. They are shown as unpriced, never as $0.</summary>
    public const string Unmetered = "unmetered";
}
