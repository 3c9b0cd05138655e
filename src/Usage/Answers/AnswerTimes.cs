namespace OpenAIProxy.Usage.Answers;

/// <summary>When an answer came, in milliseconds since the request's head.</summary>
/// <param name="FirstWord">When the first word passed that is not a thought; -1 if none did.</param>
/// <param name="End">When it was over.</param>
internal readonly record struct AnswerTimes(int FirstWord, int End);
