using System.Buffers;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Pipeline;
using OpenAIProxy.Simulator.Shapes;

namespace OpenAIProxy.Simulator.Streaming;

/// <summary>A chat or completion stream: role, words, finish, usage if asked for, <c>[DONE]</c>.</summary>
internal sealed class CompletionScript : StreamScript
{
    private readonly CompletionTemplates _templates;
    private readonly CompletionEvents _events;
    private readonly TokenCounts _tokens;
    private readonly int _firstWord;
    private readonly int _finish;
    private readonly long _id = Ids.Next();
    private readonly long _created = Ids.Now();

    public CompletionScript(CompletionTemplates templates, Behavior behavior, bool includeUsage)
    {
        _templates = templates;
        _events = includeUsage ? templates.WithUsage : templates.Plain;
        _tokens = behavior.Tokens;
        _firstWord = _events.Role is null ? 0 : 1;
        _finish = _firstWord + behavior.Chunks;
        Count = _finish + (includeUsage ? 3 : 2);
    }

    public override int Count { get; }

    public override void Write(int index, IBufferWriter<byte> output)
    {
        if (index == Count - 1)
        {
            output.Write("data: [DONE]\n\n"u8);
            return;
        }

        var template = index < _firstWord ? _events.Role!
            : index < _finish ? _events.Word(index - _firstWord)
            : index == _finish ? _events.Finish
            : _templates.Usage(_tokens);
        template.Write(output, _id, _created);
    }

    public override byte[] Content(string text) => _events.Content(text).ToArray(_id, _created);

    public override byte[] Error(int index)
        => Json.Bytes($"data: {ErrorJson.Of("The server had an error while processing your request. Sorry about that!", "server_error")}\n\n");
}
