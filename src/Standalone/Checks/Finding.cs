namespace OpenAIProxy.Standalone.Checks;

/// <summary>One line of <c>openai-proxy check</c>.</summary>
/// <param name="Mark">How bad it is.</param>
/// <param name="Topic">What it is about, in a word, for programs: <c>upstream</c>, <c>access</c> …</param>
/// <param name="Message">A sentence for people, without secrets.</param>
internal sealed record Finding(CheckMark Mark, string Topic, string Message)
{
    public static Finding Ok(string topic, string message) => new(CheckMark.Ok, topic, message);

    public static Finding Warning(string topic, string message) => new(CheckMark.Warning, topic, message);

    public static Finding Error(string topic, string message) => new(CheckMark.Error, topic, message);
}
