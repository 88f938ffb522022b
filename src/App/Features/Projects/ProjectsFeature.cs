using Laurel.App.Platform.Access;
using Laurel.App.Platform.Layout;

namespace Laurel.App.Features.Projects;

/// <summary>What work belongs to: a campaign, a customer, a product. Activities name it, and pages show what was done in it.</summary>
public static class ProjectsFeature
{
    public static IServiceCollection AddProjects(this IServiceCollection services) => services
        .AddSingleton<ProjectStore>().AddSingleton<SaveProject>()
        .AddSingleton(new MenuEntry("Projects", "briefcase", "/projects", Permissions.ProjectsView, 47, MenuSection.Admin));
}
