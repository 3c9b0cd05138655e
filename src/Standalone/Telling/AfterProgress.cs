using System.Text;

namespace OpenAIProxy.Standalone.Telling;

/// <summary>Standard output of a command that shows progress: its line is taken away before anything is written.</summary>
internal sealed class AfterProgress(ProgressLine progress, TextWriter output) : TextWriter
{
    public override Encoding Encoding => output.Encoding;

    public override void Write(char value)
    {
        progress.Clear();
        output.Write(value);
    }

    public override void Write(string? value)
    {
        progress.Clear();
        output.Write(value);
    }

    public override void WriteLine(string? value)
    {
        progress.Clear();
        output.WriteLine(value);
    }

    public override void Flush() => output.Flush();
}
