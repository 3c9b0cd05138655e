namespace OpenAIProxy.Simulator.Behaviors;

/// <summary>What an answer with <c>x-sim-status</c> carries (<c>x-sim-error-body</c>).</summary>
internal enum ErrorBody
{
    OpenAI,
    Html,
    Empty,
}
