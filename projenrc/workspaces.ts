import { Component, Project, javascript } from 'projen';
import { TOOLS } from './versions';

/** Writes `workspaces`, and installs at the root when only a member's package.json changed. */
export class NpmWorkspaces extends Component {
  constructor(private readonly root: javascript.NodeProject, globs: string[]) {
    super(root);
    root.package.addField('workspaces', globs);
  }

  public postSynthesize(): void {
    const changed = members(this.root).filter((member) => member.package.file.changed);
    if (changed.length > 0 && !this.root.package.file.changed) {
      this.root.logger.info(`installing at the root: ${changed.map((member) => member.name).join(', ')} changed`);
      this.root.tasks.runTask(process.env.CI ? 'install:ci' : 'install');
    }
  }
}

/** A projen subproject as an npm workspace: the root installs, and Nx, not `build`, knows the order. */
export class WorkspaceMember extends Component {
  constructor(member: javascript.NodeProject) {
    super(member);
    member.package.installTask.reset();
    member.package.installCiTask.reset();
    member.defaultTask?.reset();
    pinTools(member);
  }
}

/** Gives the tools that components asked for without a version the one we chose. */
export function pinTools(project: javascript.NodeProject): void {
  for (const tool of TOOLS) {
    const name = tool.slice(0, tool.lastIndexOf('@'));
    if (project.deps.all.some((dependency) => dependency.name === name)) project.addDevDeps(tool);
  }
}

/** The workspaces below the root, in the order they were declared. */
export function members(root: Project): javascript.NodeProject[] {
  return root.subprojects.filter((project): project is javascript.NodeProject => project instanceof javascript.NodeProject);
}
