using System.Text;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.Usage.Answers;

/// <summary>What the words in an answer stand for.</summary>
internal static class OpenAINames
{
    /// <summary>The completion window that is none: as soon as there is room, at the price of the standard tier.</summary>
    public const string Soonest = "soonest";

    // Characters.
    private const int LongestSize = 8;

    /// <summary>A <c>status</c>.</summary>
    public static ResponseStatus Status(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("completed"u8) => ResponseStatus.Ended,
        _ when word.SequenceEqual("incomplete"u8) => ResponseStatus.Ended,
        _ when word.SequenceEqual("expired"u8) => ResponseStatus.Ended,
        _ when word.SequenceEqual("failed"u8) => ResponseStatus.Failed,
        _ when word.SequenceEqual("cancelled"u8) => ResponseStatus.Cancelled,
        _ => ResponseStatus.Unfinished,
    };

    /// <summary>The <c>type</c> of an output item.</summary>
    public static ItemType Item(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("web_search_call"u8) => ItemType.WebSearch,
        _ when word.SequenceEqual("file_search_call"u8) => ItemType.FileSearch,
        _ when word.SequenceEqual("code_interpreter_call"u8) => ItemType.CodeInterpreter,
        _ when word.SequenceEqual("image_generation_call"u8) => ItemType.ImageGeneration,
        _ when word.SequenceEqual("shell_call"u8) => ItemType.Shell,
        _ => ItemType.Other,
    };

    /// <summary>The <c>type</c> of a tool.</summary>
    public static ToolType Tool(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("image_generation"u8) => ToolType.ImageGeneration,
        _ when word.StartsWith("web_search_preview"u8) => ToolType.WebSearchPreview,
        _ when word.StartsWith("web_search"u8) => ToolType.WebSearch,
        _ when word.SequenceEqual("code_interpreter"u8) => ToolType.CodeInterpreter,
        _ when word.SequenceEqual("shell"u8) => ToolType.Shell,
        _ => ToolType.Other,
    };

    /// <summary>
    /// A container's <c>memory_limit</c>, as a unit's ending; null if none is named. One that is none of the four that there are stays the
    /// word it is, which has no price: nobody knows what it costs.
    /// </summary>
    public static string? Memory(ReadOnlySpan<byte> word, bool isString) => word switch
    {
        _ when !isString || word.IsEmpty => null,
        _ when word.SequenceEqual("1g"u8) => "",
        _ when word.SequenceEqual("4g"u8) => ":4g",
        _ when word.SequenceEqual("16g"u8) => ":16g",
        _ when word.SequenceEqual("64g"u8) => ":64g",
        _ => ':' + Size(word),
    };

    /// <summary>A <c>completion_window</c>.</summary>
    public static string Window(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("2h"u8) => ServiceTier.Window2h,
        _ when word.SequenceEqual("8h"u8) => ServiceTier.Window8h,
        _ when word.SequenceEqual("soonest"u8) => Soonest,
        _ => Encoding.UTF8.GetString(word),
    };

    /// <summary>The <c>ttl</c> of what is written to the cache; null if it is neither of the two that there are.</summary>
    public static bool? IsFor12h(ReadOnlySpan<byte> word)
        => word.SequenceEqual("12h"u8) ? true : word.SequenceEqual("30m"u8) ? false : null;

    /// <summary>The <c>type</c> of an event.</summary>
    public static EventType Event(ReadOnlySpan<byte> word)
    {
        if (word.EndsWith(".delta"u8))
        {
            // What a user said is written down in deltas as well.
            return word.EndsWith("audio.delta"u8) ? EventType.Audio
                : word.StartsWith("response.reasoning_summary"u8) ? EventType.Thought
                : word.StartsWith("response."u8) ? EventType.Delta
                : EventType.Other;
        }

        return word switch
        {
            _ when word.SequenceEqual("error"u8) => EventType.Error,
            _ when word.SequenceEqual("response.created"u8) => EventType.Created,
            _ when word.SequenceEqual("response.completed"u8) => EventType.Terminal,
            _ when word.SequenceEqual("response.incomplete"u8) => EventType.Terminal,
            _ when word.SequenceEqual("response.failed"u8) => EventType.Terminal,
            _ when word.SequenceEqual("response.cancelled"u8) => EventType.Terminal,
            // Realtime.
            _ when word.SequenceEqual("response.done"u8) => EventType.Terminal,
            _ when word.SequenceEqual("response.output_item.done"u8) => EventType.ItemDone,
            _ when word.SequenceEqual("response.create"u8) => EventType.Create,
            _ when word.SequenceEqual("conversation.item.input_audio_transcription.completed"u8) => EventType.Transcribed,
            _ when word.SequenceEqual("transcript.text.done"u8) => EventType.Transcribed,
            _ when word.SequenceEqual("speech.audio.done"u8) => EventType.Spoken,
            _ when word.SequenceEqual("image_generation.completed"u8) => EventType.ImageMade,
            _ when word.SequenceEqual("image_edit.completed"u8) => EventType.ImageMade,
            _ when word.StartsWith("session."u8) => Session(word[8..]),
            _ => EventType.Other,
        };
    }

    /// <summary>A hash of a container's id; 0 for a word that is no id of one container: other servers say "auto", for each.</summary>
    public static ulong Container(ReadOnlySpan<byte> id) => id.StartsWith("cntr_"u8) ? Hash(id) : 0;

    /// <summary>A number that is the same for the same id; never 0.</summary>
    public static ulong Hash(ReadOnlySpan<byte> id)
    {
        // FNV-1a.
        var hash = 14695981039346656037UL;
        foreach (var next in id)
        {
            hash = (hash ^ next) * 1099511628211UL;
        }

        return hash | 1;
    }

    private static string Size(ReadOnlySpan<byte> word)
    {
        var isSize = word.Length <= LongestSize;
        foreach (var next in word)
        {
            isSize &= char.IsAsciiLetterOrDigit((char)next);
        }

        return isSize ? Encoding.ASCII.GetString(word) : UsageDimensions.Other;
    }

    private static EventType Session(ReadOnlySpan<byte> word) => word switch
    {
        _ when word.SequenceEqual("created"u8) => EventType.SessionCreated,
        _ when word.SequenceEqual("started"u8) => EventType.SessionCreated,
        _ when word.SequenceEqual("usage.updated"u8) => EventType.SessionUsage,
        _ when word.SequenceEqual("closed"u8) => EventType.SessionClosed,
        _ => EventType.Other,
    };
}
