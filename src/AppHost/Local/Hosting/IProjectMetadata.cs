namespace Aspire.Hosting;

/// <summary>A referenced project. Projects.targets generates one class for each.</summary>
internal interface IProjectMetadata
{
    /// <summary>The full path of the project file.</summary>
    public string ProjectPath { get; }

    /// <summary>The full path of what it was built to. Aspire has no such property; its orchestrator builds by itself.</summary>
    public string AssemblyPath { get; }
}
